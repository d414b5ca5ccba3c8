using System.Diagnostics;
using System.Text.Json.Nodes;
using AgentRuntime.AwsStore;
using AgentRuntime.Common;
using AgentRuntime.Tenants;
using AgentRuntime.Testing.Aws;
using Microsoft.Extensions.Configuration;

namespace AgentRuntime.Aws.Tests.Hosting;

/// <summary>How tenants are kept apart is written into the tables by the verb alone, and is the same for all silos. On DynamoDB Local, fauxqs and moto.</summary>
public sealed class TenancyTests(AwsStandIn aws, S3StandIn s3)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string _prefix = AwsStandIn.NewPrefix();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tables_KnowHowTenantsAreKeptApartAndSilosOtherwiseDoNotStart()
    {
        var settings = await SettingsAsync();
        Assert.Equal("shared", await CreateTablesAsync(settings));
        await FindAsync(settings, Plan());
        await RefusedAsync(settings, Plan("acme"), "Tenancy 'shared', and this silo has 'segmented: acme'");

        Assert.Equal("segmented: acme beta", await CreateTablesAsync(settings, ("Tenancy:Mode", "segmented"), ("Tenancy:Segments:0", "beta"), ("Tenancy:Segments:1", "acme")));
        await FindAsync(settings, Plan("acme", "beta"));
        await RefusedAsync(settings, Plan("acme"), "Tenancy 'segmented: acme beta', and this silo has 'segmented: acme'");
        await RefusedAsync(settings, Plan(), "this silo has 'shared'");

        // Who makes another queue says nothing of tenants.
        Assert.Equal("segmented: acme beta", await CreateTablesAsync(settings));
        Assert.Equal("shared", await CreateTablesAsync(settings, ("Tenancy:Mode", "shared")));
        await FindAsync(settings, Plan());
    }

    private static async Task RefusedAsync(Dictionary<string, string> settings, TenancyPlan plan, string why)
    {
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => FindAsync(settings, plan));
        Assert.Equal(ErrorCode.FailedPrecondition, failure.Code);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }

    private static Task<AwsPlace> FindAsync(Dictionary<string, string> settings, TenancyPlan plan) => AwsPlace.FindAsync(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(each => new KeyValuePair<string, string?>(each.Key, each.Value))).Build(), plan, hasIssuers: false, Stop);

    private static TenancyPlan Plan(params string[] segments)
    {
        var options = new TenancyOptions { Mode = segments.Length > 0 ? "segmented" : "shared" };
        foreach (var segment in segments) options.Segments.Add(segment);
        return TenancyPlan.Of(options, []);
    }

    private async Task<Dictionary<string, string>> SettingsAsync()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "test");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "test");
        return new()
        {
            ["Aws:DynamoDbEndpoint"] = (await aws.DynamoDbAsync()).ToString(),
            ["Aws:S3Endpoint"] = (await s3.EndpointAsync()).ToString(),
            ["Aws:SqsEndpoint"] = (await aws.SqsAsync()).ToString(),
            ["Aws:EventQueues"] = "1",
            ["Aws:TablePrefix"] = _prefix,
            ["Aws:Bucket"] = $"{_prefix}bucket",
        };
    }

    /// <summary>Runs the verb and returns what it says of tenants.</summary>
    private static async Task<string> CreateTablesAsync(Dictionary<string, string> settings, params (string Key, string Value)[] tenancy)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "AgentRuntime.Silo.dll"), "create-tables", "--json"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in settings.Select(each => (each.Key, each.Value)).Concat(tenancy)) start.Environment[$"AGENTRT_{key.Replace(":", "__", StringComparison.Ordinal)}"] = value;
        using var verb = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Patience);
        var output = verb.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = await verb.StandardError.ReadToEndAsync(deadline.Token);
        await verb.WaitForExitAsync(deadline.Token);
        Assert.True(verb.ExitCode == 0, errors);
        return (string)JsonNode.Parse(await output)!["tenancy"]!;
    }
}
