using System.Net;
using CertOperator.Runtime.Client;

namespace CertOperator.Telemetry;

/// <summary>
/// What the product itself logs; the runtime logs its own. One class, for the source generator writes several in an order that
/// differs from build to build.
/// </summary>
internal static partial class OperatorLog
{
    [LoggerMessage(100, LogLevel.Information, "Working with {Server}; probes and metrics on {Endpoint}.")]
    public static partial void Started(ILogger logger, Uri server, IPEndPoint endpoint);

    [LoggerMessage(200, LogLevel.Information, "The order of Certificate {Certificate} is dropped, and the CA was not told: {Why}")]
    public static partial void OrderNotAbandoned(ILogger logger, ObjectKey certificate, string why);

    [LoggerMessage(201, LogLevel.Warning, "A TXT record of Certificate {Certificate} could not be removed, which is tried again: {Why}")]
    public static partial void RecordLeft(ILogger logger, ObjectKey certificate, string why);

    [LoggerMessage(202, LogLevel.Error, "The TXT record that validated {Name} for Certificate {Certificate} is still there after a day of attempts: remove it by hand, and see why the DNS provider refuses.")]
    public static partial void RecordGivenUp(ILogger logger, ObjectKey certificate, string name);

    [LoggerMessage(300, LogLevel.Warning, "The {Kind} {Key} bears the operator's label but serves no challenge, and cannot be deleted: {Why}")]
    public static partial void SolverNotDeleted(ILogger logger, string kind, ObjectKey key, string why);

    [LoggerMessage(400, LogLevel.Information, "Traces of issuances go to {Endpoint}.")]
    public static partial void TracesStarted(ILogger logger, Uri endpoint);

    [LoggerMessage(401, LogLevel.Warning, "Traces cannot be sent to {Endpoint}, and are lost while this lasts: see whether the collector runs, and whether the NetworkPolicy lets the operator out to it. Issuances go on.")]
    public static partial void TracesLost(ILogger logger, Uri endpoint);

    [LoggerMessage(402, LogLevel.Information, "Traces are sent to {Endpoint} again.")]
    public static partial void TracesBack(ILogger logger, Uri endpoint);
}
