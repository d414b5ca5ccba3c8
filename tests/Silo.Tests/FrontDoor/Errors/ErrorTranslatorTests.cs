using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Errors;
using Google.Rpc;
using Grpc.Core;

namespace AgentRuntime.Silo.Tests.FrontDoor.Errors;

public sealed class ErrorTranslatorTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public void StatusTable_EveryCode_HasAStatusThatIsNotUnknown()
    {
        foreach (var code in System.Enum.GetValues<ErrorCode>())
        {
            var status = StatusTable.For(code);
            Assert.NotEqual(StatusCode.OK, status);
            Assert.NotEqual(StatusCode.Unknown, status);
            if (code != ErrorCode.Internal) Assert.NotEqual(StatusCode.Internal, status);
        }
    }

    [Theory]
    [InlineData(ErrorCode.LimitExceeded, "LIMIT_EXCEEDED")]
    [InlineData(ErrorCode.Internal, "INTERNAL")]
    [InlineData(ErrorCode.StorageCorrupted, "STORAGE_CORRUPTED")]
    public void ReasonOf_Code_IsUpperSnake(ErrorCode code, string reason) => Assert.Equal(reason, StatusTable.ReasonOf(code));

    [Fact]
    public void Translate_KnownFailure_CarriesCodeMessageReasonAndTrace()
    {
        var status = ErrorTranslator.Translate(new AgentRuntimeException(ErrorCode.FailedPrecondition, "run r: ended."), Trace);

        Assert.Equal(StatusCode.FailedPrecondition, status.StatusCode);
        Assert.Equal("run r: ended.", status.Status.Detail);
        var info = status.GetRpcStatus()!.GetDetail<ErrorInfo>();
        Assert.Equal(("FAILED_PRECONDITION", "agentruntime", Trace), (info.Reason, info.Domain, info.Metadata["trace_id"]));
        Assert.Null(status.GetRpcStatus()!.GetDetail<RetryInfo>());
    }

    [Fact]
    public void Translate_InvalidInput_NamesTheField()
    {
        var status = ErrorTranslator.Translate(new InvalidInputException("request_id", "must be short."), Trace);

        Assert.Equal(StatusCode.InvalidArgument, status.StatusCode);
        var violation = Assert.Single(status.GetRpcStatus()!.GetDetail<BadRequest>().FieldViolations);
        Assert.Equal("request_id", violation.Field);
    }

    [Fact]
    public void Translate_TransientFailure_TellsWhenToTryAgain() => Assert.NotNull(
        ErrorTranslator.Translate(new AgentRuntimeException(ErrorCode.Unavailable, "store: busy.", isTransient: true), Trace)
            .GetRpcStatus()!.GetDetail<RetryInfo>());

    [Fact]
    public void Translate_FailureOfAGrainsState_IsTheStoresOwn()
    {
        var store = new AgentRuntimeException(ErrorCode.Unavailable, "the store of states: does not take requests for now.", isTransient: true);

        var status = ErrorTranslator.Translate(new OrleansException("Error from storage provider during WriteState for grain agent/acme", store), Trace);

        Assert.Equal((StatusCode.Unavailable, store.Message), (status.StatusCode, status.Status.Detail));
        Assert.NotNull(status.GetRpcStatus()!.GetDetail<RetryInfo>());
    }

    [Fact]
    public void Translate_UnknownFailure_ShowsATraceIdAndNothingOfTheCause()
    {
        var status = ErrorTranslator.Translate(new InvalidOperationException("password=hunter2 at /srv/secret"), Trace);

        Assert.Equal(StatusCode.Internal, status.StatusCode);
        Assert.Contains(Trace, status.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", status.GetRpcStatus()!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", status.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Translate_LongMessage_IsCut() => Assert.Equal(
        2_000, ErrorTranslator.Translate(new AgentRuntimeException(ErrorCode.NotFound, new string('x', 100_000)), Trace).Status.Detail.Length);

    [Fact]
    public void Translate_Limit_SaysWhoseQuotaItIsAndWhenToTryAgain()
    {
        var full = new AgentRuntimeException(ErrorCode.LimitExceeded, "tenant 'acme': 100 watches are open; close one.", isTransient: true) { RetryAfter = TimeSpan.FromSeconds(7) };
        var status = ErrorTranslator.Translate(full, Trace).GetRpcStatus()!;

        var violation = Assert.Single(status.GetDetail<QuotaFailure>().Violations);
        Assert.Equal(("tenant 'acme'", full.Message), (violation.Subject, violation.Description));
        Assert.Equal(TimeSpan.FromSeconds(7), status.GetDetail<RetryInfo>().RetryDelay.ToTimeSpan());
    }
}
