using AgentRuntime.Aws.Connection;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Aws.Isolation;

/// <summary>
/// Stands in the pipeline of a client behind what finds its credentials and before what signs: a request with a key of a tenant whom the process does not serve is not
/// sent, whatever mistake made the key, and one for a tenant is signed with credentials that reach nobody else.
/// </summary>
/// <param name="service">The service, for people.</param>
/// <param name="read">Finds the keys of its requests.</param>
/// <param name="options">Whom the process serves.</param>
/// <param name="sessions">Credentials for each tenant; null where the process's own are for all.</param>
/// <param name="instruments">Count what is stopped.</param>
/// <param name="log">Hears of it.</param>
internal sealed partial class TenantGate(
    string service, Action<AmazonWebServiceRequest, NamedTenant> read, AwsOptions options, TenantSessions? sessions, AwsInstruments instruments, ILogger<TenantGate> log)
    : PipelineHandler
{
    private const string RequestSuffix = "Request";

    // DynamoDB's names for credentials that are none any more, then S3's.
    private static readonly string[] EndedCodes = ["ExpiredTokenException", "UnrecognizedClientException", "InvalidClientTokenId", "ExpiredToken", "InvalidToken", "InvalidAccessKeyId"];

    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        var context = executionContext.RequestContext;
        var tenant = Require(context.OriginalRequest);
        if (tenant is null || sessions is null) return await base.InvokeAsync<T>(executionContext);
        var credentials = await sessions.GetAsync(tenant, context.CancellationToken);
        context.Identity = credentials;
        try
        {
            return await base.InvokeAsync<T>(executionContext);
        }
        catch (AmazonServiceException refused) when (EndedCodes.Contains(refused.ErrorCode))
        {
            // It was ended before its time; the next request begins another.
            sessions.Drop(tenant, credentials);
            throw;
        }
    }

    public override void InvokeSync(IExecutionContext executionContext) => throw new NotSupportedException("The clients of AWS are called asynchronously.");

    /// <summary>The tenant that the request is for; null for nobody's.</summary>
    private string? Require(AmazonWebServiceRequest request)
    {
        var owner = new NamedTenant(options.NoTenant);
        read(request, owner);
        var why = owner.Fault ?? (owner.Name is { } tenant && options.ServesTenant?.Invoke(tenant) == false ? $"it names keys of tenant {tenant}, whom this process does not serve" : null);
        if (why is null) return owner.Name;
        var name = request.GetType().Name;
        var operation = name.EndsWith(RequestSuffix, StringComparison.Ordinal) ? name[..^RequestSuffix.Length] : name;
        instruments.Foreign(service, operation);
        LogForeign(service, operation, why);
        throw new ForeignTenantException(service, operation, why);
    }

    [LoggerMessage(1, LogLevel.Error, "A request {Service} {Operation} was not sent: {Why}. A provider or its tenant resolver is wrong.")]
    private partial void LogForeign(string service, string operation, string why);
}
