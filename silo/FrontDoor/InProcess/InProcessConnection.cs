using System.IO.Pipelines;
using AgentRuntime.Common;
using Microsoft.AspNetCore.Connections;

namespace AgentRuntime.FrontDoor.InProcess;

/// <summary>The server's end of a connection within this process. It may carry who calls, which nothing that is sent over it can change.</summary>
internal sealed class InProcessConnection : DefaultConnectionContext
{
    // Never disposed: the server may abort a connection while another thread lets it go, and the base disposes its own source under a pending cancel.
    private readonly CancellationTokenSource _closed = new();

    public InProcessConnection(string id, IDuplexPipe transport, IDuplexPipe application, Principal? caller)
        : base(id, transport, application)
    {
        ConnectionClosed = _closed.Token;
        if (caller is not null) Features.Set(new InProcessCaller(caller));
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        // Ends what the server reads; it closes the rest.
        Application!.Output.Complete(abortReason);
        ThreadPool.UnsafeQueueUserWorkItem(static closed => closed.Cancel(), _closed, preferLocal: false);
    }

    public override async ValueTask DisposeAsync()
    {
        await Transport.Output.CompleteAsync();
        await Transport.Input.CompleteAsync();
        await base.DisposeAsync();
    }
}
