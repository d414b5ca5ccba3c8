using System.IO.Pipelines;
using AgentRuntime.Common;
using Microsoft.AspNetCore.Connections;

namespace AgentRuntime.FrontDoor.InProcess;

/// <summary>The server's end of a connection within this process. It carries who called, which nothing that is sent over it can change.</summary>
internal sealed class InProcessConnection : DefaultConnectionContext
{
    public InProcessConnection(string id, IDuplexPipe transport, IDuplexPipe application, Principal caller)
        : base(id, transport, application) => Features.Set(new InProcessCaller(caller));

    public override void Abort(ConnectionAbortedException abortReason)
    {
        // Ends what the server reads; it closes the rest.
        Application!.Output.Complete(abortReason);
        base.Abort(abortReason);
    }

    public override async ValueTask DisposeAsync()
    {
        await Transport.Output.CompleteAsync();
        await Transport.Input.CompleteAsync();
        await base.DisposeAsync();
    }
}
