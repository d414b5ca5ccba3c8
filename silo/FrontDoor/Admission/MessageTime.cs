using System.IO.Pipelines;
using AgentRuntime.Common;
using Microsoft.Extensions.Options;

namespace AgentRuntime.FrontDoor.Admission;

/// <summary>How long a message may take to come whole, in either form and of a stream, too: while it comes its call has a place that others wait for.</summary>
internal sealed class MessageTime(IOptions<FrontDoorOptions> options, TimeProvider time)
{
    private readonly TimeSpan _limit = TimeSpan.FromSeconds(options.Value.MaxReceiveSeconds);

    /// <summary>Reads to the end of what is sent, and leaves it to whoever advances the reader.</summary>
    /// <param name="http">The call.</param>
    /// <param name="require">Looks at what has come so far.</param>
    /// <exception cref="AgentRuntimeException">Timeout.</exception>
    public async Task<ReadResult> ReadAsync(HttpContext http, Action<ReadResult> require)
    {
        var body = http.Request.BodyReader;
        using var over = new CancellationTokenSource(_limit, time);
        ReadResult read;
        try
        {
            // A read that ends by a token of its own leaves the server unable to read the rest.
            await using (over.Token.UnsafeRegister(static body => ((PipeReader)body!).CancelPendingRead(), body)) read = await ReadAsync(body, require);
        }
        catch (BadHttpRequestException slow) when (slow.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            throw Late();
        }

        if (!over.IsCancellationRequested) return read;
        body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        throw Late();
    }

    private static async Task<ReadResult> ReadAsync(PipeReader body, Action<ReadResult> require)
    {
        while (true)
        {
            var read = await body.ReadAsync();
            require(read);
            if (read.IsCompleted || read.IsCanceled) return read;
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private AgentRuntimeException Late() =>
        new(ErrorCode.Timeout, $"body: did not come whole within {_limit.TotalSeconds} s or came too slowly; send it faster, and its end with it.", isTransient: true);
}
