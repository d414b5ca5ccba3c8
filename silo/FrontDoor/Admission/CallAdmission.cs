using AgentRuntime.FrontDoor.Authorisation;
using AgentRuntime.FrontDoor.Errors;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.Overload;
using AgentRuntime.Tenants;

namespace AgentRuntime.FrontDoor.Admission;

/// <summary>
/// Finds out from the headers of a call alone who makes it and whether they may, and only then looks at its message: nobody without a credential makes the
/// silo hold what they sent. The tenant that a message names is compared where it is read.
/// </summary>
internal sealed class CallAdmission(
    TokenAuthenticator authenticator, OverloadProtection protection, ITenantAdmission tenants, HealthWatches watches, GrpcMessages messages, CallFaults faults)
{
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (DoorMethod.Of(http) is not { } method)
        {
            await next(http);
            return;
        }

        IDisposable? place = null;
        try
        {
            await AdmitAsync(http, method);
            if (method is { IsOpenToAll: true, IsStream: true }) place = watches.Enter(http.Connection.Id);
        }
        catch (Exception fault)
        {
            await CallErrors.WriteAsync(http.Response, method, faults.Translate(fault, method.Name, http));
            return;
        }

        using (place) await next(http);
    }

    private async Task AdmitAsync(HttpContext http, DoorMethod method)
    {
        var rule = MethodTable.For(method.Name);
        var caller = rule.Caller == CallerKind.Anyone ? null : await AuthoriseAsync(http, rule);
        if (!method.IsJson) await messages.RequireAsync(http, caller is null ? FrontDoorLimits.MaxAnonymousMessageBytes : FrontDoorLimits.MaxReceiveMessageBytes);
        http.Features.Set(new Admitted(method.Name, caller));
    }

    private async Task<Caller> AuthoriseAsync(HttpContext http, MethodRule rule)
    {
        var caller = await authenticator.AuthenticateAsync(http);

        // For those that stand before the API: fairness and measurement.
        http.Features.Set(caller);
        protection.Settle(http, caller);
        MethodTable.Require(rule, caller.Principal);
        if (caller.Principal.Tenant is { } tenant) tenants.Require(tenant);
        http.Response.Headers[VersionHeader.Name] = VersionHeader.Value;
        return caller;
    }
}
