namespace AgentRuntime.Aws.Isolation;

/// <summary>
/// Whose keys a request names: one tenant's, or nobody's. One that names those of two is at fault, for no credentials of a tenant let it pass, and no provider makes one.
/// </summary>
/// <param name="nobody">The name under which keys of nobody's are kept like those of a tenant; null where there are none.</param>
internal sealed class NamedTenant(string? nobody)
{
    private bool _isNobodys;

    /// <summary>The tenant; null while all keys are nobody's.</summary>
    public string? Name { get; private set; }

    /// <summary>Why the request must not be sent, whoever the tenant is.</summary>
    public string? Fault { get; private set; }

    public void Add(string tenant)
    {
        if (tenant == nobody)
        {
            AddNobodys();
            return;
        }

        if (Name is not null && Name != tenant) Refuse($"it names keys of tenant {Name} and of tenant {tenant}");
        Name = tenant;
        RequireOne();
    }

    public void AddNobodys()
    {
        _isNobodys = true;
        RequireOne();
    }

    public void Refuse(string why) => Fault ??= why;

    private void RequireOne()
    {
        if (_isNobodys && Name is not null) Refuse($"it names keys of tenant {Name} together with keys of nobody's");
    }
}
