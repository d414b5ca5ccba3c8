namespace AgentRuntime.Common;

/// <summary>What went wrong, in terms a caller can act on. One table at the front door maps each code to a gRPC status.</summary>
public enum ErrorCode
{
    /// <summary>A fault of the runtime itself. The caller gets a trace id, never the cause.</summary>
    Internal = 0,

    /// <summary>The request is malformed. The message names the field and the fix.</summary>
    InvalidArgument = 1,

    /// <summary>The named resource does not exist, or belongs to another tenant.</summary>
    NotFound = 2,

    /// <summary>The resource exists already with other content, for example a request id with another body.</summary>
    AlreadyExists = 3,

    /// <summary>The caller may not do this.</summary>
    PermissionDenied = 4,

    /// <summary>The caller is unknown or its credential does not hold.</summary>
    Unauthenticated = 5,

    /// <summary>The resource is in a state that does not allow this, for example a terminal run.</summary>
    FailedPrecondition = 6,

    /// <summary>A named limit or quota is reached.</summary>
    LimitExceeded = 7,

    /// <summary>A dependency does not answer for now. Trying again may help.</summary>
    Unavailable = 8,

    /// <summary>A deadline passed.</summary>
    Timeout = 9,

    /// <summary>A policy or a clearance forbids it.</summary>
    PolicyDenied = 10,

    /// <summary>The store has no room or refuses to write.</summary>
    StorageExhausted = 11,

    /// <summary>The store is damaged, foreign or of another version.</summary>
    StorageCorrupted = 12,

    /// <summary>A model gave an answer that cannot be used.</summary>
    ModelFailed = 13,

    /// <summary>A tool reported a failure or gave a result outside its contract.</summary>
    ToolFailed = 14,

    /// <summary>A person or a tenant stopped it.</summary>
    Cancelled = 15,
}
