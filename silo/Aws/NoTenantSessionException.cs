using Amazon.Runtime;

namespace AgentRuntime.Aws;

/// <summary>AWS STS gave no session of <see cref="AwsOptions.TenantRole"/> for a tenant, so that nothing was asked in its name. The next request tries again.</summary>
public sealed class NoTenantSessionException : AmazonClientException
{
    internal NoTenantSessionException(string tenant, Exception failure)
        : base(
            $"There is no session of the tenant role (Aws:TenantRole) for tenant {tenant} ({(failure as AmazonServiceException)?.ErrorCode ?? failure.GetType().Name}). "
            + "Let this process's role do sts:AssumeRole and sts:TagSession, and the tenant role trust it.",
            failure)
    {
    }
}
