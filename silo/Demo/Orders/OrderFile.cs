using System.Text.Json;
using AgentRuntime.Common;

namespace AgentRuntime.Demo.Orders;

/// <summary>Reads orders from JSON Lines.</summary>
internal static class OrderFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="InvalidInputException">A line is refused; the message names file and line.</exception>
    public static IReadOnlyList<Order> Read(string path)
    {
        var orders = new List<Order>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            try
            {
                if (line.Length > 0) orders.Add(JsonSerializer.Deserialize<Order>(line, Format)!);
            }
            catch (JsonException malformed)
            {
                throw new InvalidInputException($"{path}:{number}", $"is no order: {malformed.Message}");
            }
        }

        return orders;
    }
}
