namespace AgentRuntime.Aws;

/// <summary>
/// A request was about to touch what belongs to a tenant that this process does not serve, or it could not be told whom it would touch. It was not sent.
/// See <see cref="AwsOptions.ServesTenant"/>.
/// </summary>
public sealed class ForeignTenantException : InvalidOperationException
{
    internal ForeignTenantException(string service, string operation, string why)
        : base($"The request {service} {operation} was not sent: {why}. A provider or its tenant resolver is wrong, or this process serves other tenants.")
    {
    }
}
