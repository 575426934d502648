using System.Buffers;
using System.Globalization;

namespace CertOperator.Api;

/// <summary>Durations as Kubernetes users write them: <c>2160h</c>, <c>1h30m</c>, <c>90s</c>, <c>250ms</c>.</summary>
internal static class GoDuration
{
    /// <summary>Pattern of the CRD schema.</summary>
    public const string Pattern = @"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$";

    private const int MaxLength = 40;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>Reads a positive duration of at most 100 years; false if it is anything else.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength)
            return false;

        double seconds = 0;
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
                return false;

            rest = rest[digits..];
            (double unit, int length) = rest switch
            {
                ['m', 's', ..] => (0.001, 2),
                ['s', ..] => (1, 1),
                ['m', ..] => (60, 1),
                ['h', ..] => (3600, 1),
                _ => (0, 0),
            };
            if (length == 0)
                return false;

            seconds += number * unit;
            rest = rest[length..];
        }

        if (seconds is <= 0 or > 100 * 365.25 * 86_400)
            return false;

        duration = TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
        return duration > TimeSpan.Zero;
    }

    /// <summary>The shortest of the usual spellings: <c>90d</c> is not one, so days become hours.</summary>
    public static string Format(TimeSpan duration)
    {
        var parts = new List<string>(3);
        long seconds = (long)duration.TotalSeconds;
        if (seconds >= 3600)
            parts.Add($"{seconds / 3600}h");
        if (seconds / 60 % 60 > 0)
            parts.Add($"{seconds / 60 % 60}m");
        if (seconds % 60 > 0 || parts.Count == 0)
            parts.Add($"{seconds % 60}s");
        return string.Concat(parts);
    }
}
