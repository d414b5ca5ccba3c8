using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Authorisation;
using AgentRuntime.Silo.Tests.FrontDoor.Api;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Routing;

namespace AgentRuntime.Silo.Tests.FrontDoor.Authorisation;

public sealed class MethodTableTests(FrontDoorHost host)
{
    /// <summary>Every file of the API that the silo is built with, so that a new one cannot be forgotten here.</summary>
    private static readonly FileDescriptor[] Files =
    [
        .. typeof(V1.RunsReflection).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(V1.RunsReflection).Namespace && type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type => (FileDescriptor)type.GetProperty(nameof(V1.RunsReflection.Descriptor))!.GetValue(null)!),
    ];

    private static readonly string[] EveryRole =
    [
        Roles.PlatformOperator, Roles.TenantAdmin, Roles.Developer, Roles.ToolReviewer, Roles.Approver, Roles.Auditor, Roles.Agent,
    ];

    private static IEnumerable<string> Declared => Files
        .SelectMany(file => file.Services)
        .SelectMany(service => service.Methods.Select(method => $"/{service.FullName}/{method.Name}"));

    [Fact]
    public void Methods_OfEveryService_AreExactlyTheDeclaredOnes() =>
        Assert.Equal(
            Declared.Order(StringComparer.Ordinal),
            MethodTable.Methods.Where(method => method.StartsWith("/agentruntime.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Fact]
    public void Methods_ForAnyone_AreHealthAndReflection() =>
        Assert.All(
            MethodTable.Methods.Where(method => MethodTable.For(method).Caller == CallerKind.Anyone),
            method => Assert.Matches("^/grpc\\.(health|reflection)\\.", method));

    [Fact]
    public void Methods_ThatTheSiloServes_AreExactlyThoseOfTheTable()
    {
        var served = host.Served.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null)
            .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()!.Method.FullName)
            .Distinct(StringComparer.Ordinal);

        Assert.Equal(MethodTable.Methods.Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void For_MethodThatIsNotInTheTable_IsRefused()
    {
        var fault = Assert.Throws<AgentRuntimeException>(() => MethodTable.For("/agentruntime.v1.Runs/Invented"));
        Assert.Equal(ErrorCode.PermissionDenied, fault.Code);
    }

    [Fact]
    public void Require_NoRole_AdmitsNobodyAnywhere()
    {
        foreach (var method in Declared)
        {
            Assert.False(Admits(method, Tenant([])), method);
            Assert.False(Admits(method, Tenant(["root", "Approver"])), method);
        }
    }

    [Theory]
    [InlineData("Runs/StartRun", "agent,developer,tenant-admin")]
    [InlineData("Runs/KillRun", "developer,tenant-admin")]
    [InlineData("Runs/GetRun", "agent,approver,auditor,developer,tenant-admin,tool-reviewer")]
    [InlineData("Runs/ListRuns", "approver,auditor,developer,tenant-admin,tool-reviewer")]
    [InlineData("Agents/ApplyAgent", "developer,tenant-admin")]
    [InlineData("Tools/PublishTool", "tool-reviewer")]
    [InlineData("Tools/BlockTool", "tenant-admin,tool-reviewer")]
    [InlineData("Approvals/DecideApproval", "approver")]
    [InlineData("Tenants/SuspendTenant", "")]
    public void Require_PersonOfATenant_AdmitsExactlyTheseRoles(string method, string roles) =>
        Assert.Equal(
            roles.Split(',', StringSplitOptions.RemoveEmptyEntries),
            EveryRole.Where(role => Admits($"/agentruntime.v1.{method}", Tenant([role]))).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Approvals/DecideApproval", Roles.Approver)]
    [InlineData("Tools/PublishTool", Roles.ToolReviewer)]
    public void Require_Service_CannotDoWhatNeedsAPerson(string method, string role)
    {
        Assert.True(Admits($"/agentruntime.v1.{method}", Tenant([role])));
        Assert.False(Admits($"/agentruntime.v1.{method}", Tenant([role]) with { Person = null }));
    }

    [Fact]
    public void Require_PlatformOperator_MayManageTenantsOpenTheDashboardAndNothingElse()
    {
        var platform = Tenant([Roles.PlatformOperator]) with { Tenant = null };
        foreach (var method in Declared)
            Assert.Equal(method.Split('/')[1] is "agentruntime.v1.Tenants" or "agentruntime.v1.Dashboard", Admits(method, platform));
    }

    private static bool Admits(string method, Principal principal)
    {
        try
        {
            MethodTable.Require(MethodTable.For(method), principal);
            return true;
        }
        catch (AgentRuntimeException refused) when (refused.Code == ErrorCode.PermissionDenied)
        {
            return false;
        }
    }

    private static Principal Tenant(string[] roles) => new("urn:test", "anna", "anna", TenantId.Parse("acme"), roles, DateTimeOffset.UnixEpoch);
}
