using CertOperator.Runtime.Client;

namespace CertOperator.Telemetry;

/// <summary>What is logged of ACME orders: nothing that a status tells.</summary>
internal static partial class OrderLog
{
    [LoggerMessage(200, LogLevel.Information, "The order of Certificate {Certificate} is dropped, and the CA was not told: {Why}")]
    public static partial void NotAbandoned(ILogger logger, ObjectKey certificate, string why);

    [LoggerMessage(201, LogLevel.Warning, "A TXT record of Certificate {Certificate} could not be removed, which is tried again: {Why}")]
    public static partial void RecordLeft(ILogger logger, ObjectKey certificate, string why);

    [LoggerMessage(202, LogLevel.Error, "The TXT record that validated {Name} for Certificate {Certificate} is still there after a day of attempts: remove it by hand, and see why the DNS provider refuses.")]
    public static partial void RecordGivenUp(ILogger logger, ObjectKey certificate, string name);
}
