using CertOperator.Runtime.Client;

namespace CertOperator.Telemetry;

/// <summary>What is logged of solver objects: nothing that a status tells.</summary>
internal static partial class SolverLog
{
    [LoggerMessage(300, LogLevel.Warning, "The {Kind} {Key} bears the operator's label but serves no challenge, and cannot be deleted: {Why}")]
    public static partial void NotDeleted(ILogger logger, string kind, ObjectKey key, string why);
}
