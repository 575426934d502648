using System.Globalization;

namespace CertOperator.Testing.Acme.Protocol;

internal static class Dates
{
    /// <summary>RFC 3339, in seconds.</summary>
    public static string Text(DateTimeOffset date) => date.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
