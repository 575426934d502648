namespace CertOperator.Telemetry;

/// <summary>Where and how the operator logs: always to standard error, so that standard output stays for results.</summary>
internal static class LogSettings
{
    /// <param name="logging">What to configure.</param>
    /// <param name="level">The least level that is written.</param>
    /// <param name="json">One JSON object a line instead of text.</param>
    public static void Configure(ILoggingBuilder logging, LogLevel level, bool json)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(level);
        logging.AddFilter("Quartz", LogLevel.Warning);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // Why a server cannot start is thrown as well, and told in a sentence.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (json)
            logging.AddJsonConsole(console => { console.UseUtcTimestamp = true; console.TimestampFormat = "O"; });
        else
            logging.AddSimpleConsole(console => { console.UseUtcTimestamp = true; console.SingleLine = true; console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' "; });
    }
}
