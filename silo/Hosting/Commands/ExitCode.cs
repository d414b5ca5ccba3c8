namespace AgentRuntime.Hosting.Commands;

/// <summary>What the process says with its exit code.</summary>
internal static class ExitCode
{
    /// <summary>Stopped as told.</summary>
    public const int Ok = 0;

    /// <summary>A fault of the product; the log says more.</summary>
    public const int Fault = 1;

    /// <summary>A wrong option or setting.</summary>
    public const int Usage = 2;

    /// <summary>A port is in use.</summary>
    public const int PortInUse = 3;

    /// <summary>The data folder or a file in it cannot be used.</summary>
    public const int DataFolder = 4;

    /// <summary>The silos that run on the data folder are configured otherwise, or the folder belongs to another cluster.</summary>
    public const int OtherConfiguration = 5;
}
