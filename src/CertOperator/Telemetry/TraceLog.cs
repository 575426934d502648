namespace CertOperator.Telemetry;

/// <summary>What is logged of the export of traces.</summary>
internal static partial class TraceLog
{
    [LoggerMessage(400, LogLevel.Information, "Traces of issuances go to {Endpoint}.")]
    public static partial void Started(ILogger logger, Uri endpoint);

    [LoggerMessage(401, LogLevel.Warning, "Traces cannot be sent to {Endpoint}, and are lost while this lasts: see whether the collector runs, and whether the NetworkPolicy lets the operator out to it. Issuances go on.")]
    public static partial void Lost(ILogger logger, Uri endpoint);

    [LoggerMessage(402, LogLevel.Information, "Traces are sent to {Endpoint} again.")]
    public static partial void Back(ILogger logger, Uri endpoint);
}
