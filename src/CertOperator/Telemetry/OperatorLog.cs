using System.Net;

namespace CertOperator.Telemetry;

/// <summary>What the product itself logs; the runtime logs its own.</summary>
internal static partial class OperatorLog
{
    [LoggerMessage(100, LogLevel.Information, "Working with {Server}; probes and metrics on {Endpoint}.")]
    public static partial void Started(ILogger logger, Uri server, IPEndPoint endpoint);
}
