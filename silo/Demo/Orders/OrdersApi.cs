using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentRuntime.Demo.Orders;

/// <summary>The shop's HTTP interface: <c>POST /refunds</c> with <c>Idempotency-Key</c> pays back, once. It knows nothing of agents.</summary>
internal sealed class OrdersApi(OrdersDatabase orders)
{
    public const int MaxBodyBytes = 16 * 1024;
    private const int MaxKeyChars = 300;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/refunds", (Delegate)RefundAsync);

    private async Task<IResult> RefundAsync(HttpContext http)
    {
        if (http.Request.Headers["Idempotency-Key"] is not [{ Length: > 0 and <= MaxKeyChars } key])
            return Problem(StatusCodes.Status400BadRequest, "one Idempotency-Key is needed");
        RefundRequest? request;
        try
        {
            request = await http.Request.ReadFromJsonAsync<RefundRequest>(Format, http.RequestAborted);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return Problem(StatusCodes.Status400BadRequest, "the body must be a JSON object with order, amountCents and reason");
        }

        if (request is null || request.AmountCents < 1) return Problem(StatusCodes.Status400BadRequest, "amountCents must be 1 or more");
        var answer = await orders.RefundAsync(key, request.Order, request.AmountCents, request.Reason, http.RequestAborted);
        return answer switch
        {
            { State: RefundState.Made, Refund: { } made } => Results.Json(
                new { refund = made.Id, order = made.Number, amountCents = made.AmountCents }, statusCode: StatusCodes.Status201Created),
            { State: RefundState.NotFound } => Problem(StatusCodes.Status404NotFound, answer.Problem!),
            _ => Problem(StatusCodes.Status409Conflict, answer.Problem!),
        };
    }

    private static IResult Problem(int status, string error) => Results.Json(new { error }, statusCode: status);

    private sealed record RefundRequest(string Order, int AmountCents, string Reason);
}
