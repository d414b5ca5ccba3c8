using System.Globalization;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Lists;
using AgentRuntime.FrontDoor.Names;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;

namespace AgentRuntime.FrontDoor.Runs;

/// <summary>What a list of runs asks for: the two fields of the request, its filter and its order, as the catalog takes them.</summary>
internal static class RunListing
{
    private const string AgentField = "agent";
    private const string StateField = "state";
    private const string TimeField = "start_time";

    public static RunQuery Read(V1.ListRunsRequest request, TenantId tenant)
    {
        var query = new RunQuery(PageToken.Size(request.PageSize))
        {
            Status = RunMapping.FromWire(request.State),
            Agent = request.Agent.Length == 0 ? null : ResourceName.Agent(request.Agent, tenant, AgentField).Value,
            IsOldestFirst = IsOldestFirst(request.OrderBy),
        };
        query = FilterText.Parse(request.Filter).Aggregate(query, (narrowed, term) => Narrow(narrowed, term, tenant));
        var position = PageToken.Read(KeyOf(query, tenant), request.PageToken);
        return query with { After = position is null ? null : long.Parse(position, CultureInfo.InvariantCulture) };
    }

    public static string Next(RunQuery query, TenantId tenant, long position) =>
        PageToken.Write(KeyOf(query with { After = null }, tenant), position.ToString(CultureInfo.InvariantCulture));

    private static string KeyOf(RunQuery query, TenantId tenant) =>
        $"runs|{tenant}|{query.Status}|{query.Agent}|{query.From?.UtcTicks}|{query.Before?.UtcTicks}|{query.IsOldestFirst}";

    private static bool IsOldestFirst(string orderBy) => orderBy.Trim() switch
    {
        "" or $"{TimeField} desc" => false,
        TimeField or $"{TimeField} asc" => true,
        _ => throw new InvalidInputException("order_by", $"must be '{TimeField} desc' or '{TimeField} asc'."),
    };

    private static RunQuery Narrow(RunQuery query, FilterTerm term, TenantId tenant)
    {
        switch (term.Field)
        {
            case AgentField:
                FilterValue.Require(term, "=");
                if (query.Agent is not null) throw Twice(term);
                return query with { Agent = ReadAgent(term.Value, tenant) };
            case StateField:
                FilterValue.Require(term, "=");
                if (query.Status is not null) throw Twice(term);
                return query with { Status = (RunStatus)MessageFilter.EnumNumber(term, V1.RunSummary.Descriptor.FindFieldByName(StateField).EnumType) };
            case TimeField:
                return Narrow(query, term, FilterValue.Time(term));
            default:
                throw FilterText.Refused($"names {term.Field}; it may name {AgentField}, {StateField}, {TimeField}.");
        }
    }

    private static RunQuery Narrow(RunQuery query, FilterTerm term, DateTimeOffset time)
    {
        FilterValue.Require(term, "<", "<=", ">", ">=");

        // A catalog's spans begin with their first tick and end before their last.
        var after = term.Operator is ">" or "<=" && time < DateTimeOffset.MaxValue ? time.AddTicks(1) : time;
        return term.Operator[0] == '>'
            ? query with { From = query.From > after ? query.From : after }
            : query with { Before = query.Before < after ? query.Before : after };
    }

    private static string ReadAgent(string value, TenantId tenant) => value.Contains('/', StringComparison.Ordinal)
        ? ResourceName.Agent(value, tenant, "filter").Value
        : IdFormat.Require(value, "filter");

    private static InvalidInputException Twice(FilterTerm term) => FilterText.Refused($"names {term.Field}, of which there is a word already; leave one out.");
}
