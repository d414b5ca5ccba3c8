namespace AgentRuntime.FrontDoor.Authorisation;

/// <summary>What kind of credential a method asks for.</summary>
internal enum CallerKind
{
    /// <summary>None: health checks.</summary>
    Anyone = 1,

    /// <summary>One that speaks for a tenant.</summary>
    Tenant = 2,

    /// <summary>One that speaks for a tenant and is a person's.</summary>
    TenantPerson = 3,

    /// <summary>A platform operator's, which speaks for no tenant.</summary>
    Platform = 4,
}
