using System.Globalization;

namespace CertOperator.Cli;

/// <summary>Times as the commands tell them. Pure.</summary>
internal static class Times
{
    public const string None = "-";

    /// <summary><c>2030-01-31</c>.</summary>
    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary><c>2030-01-31 09:15Z</c>.</summary>
    public static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    /// <summary>To the microsecond, for requests in annotations: each value is a request of its own.</summary>
    public static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A length of time as kubectl's ages: one unit, the largest of which there are two.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 2 * 365 } => $"{(int)(span.TotalDays / 365)}y",
        { TotalDays: >= 2 } => $"{(int)span.TotalDays}d",
        { TotalHours: >= 2 } => $"{(int)span.TotalHours}h",
        { TotalMinutes: >= 2 } => $"{(int)span.TotalMinutes}m",
        _ => $"{Math.Max(0, (int)span.TotalSeconds)}s",
    };

    /// <summary><c>in 57d</c>, <c>3h ago</c>.</summary>
    public static string Distance(DateTimeOffset time, DateTimeOffset now) => time >= now ? $"in {Span(time - now)}" : $"{Span(now - time)} ago";

    /// <summary>The day and how far it is, for a column: <c>2030-01-31 (57d)</c>, <c>2030-01-31 (3h ago)</c>.</summary>
    public static string DayAndDistance(DateTimeOffset? time, DateTimeOffset now)
        => time is { } set ? $"{Day(set)} ({(set >= now ? Span(set - now) : $"{Span(now - set)} ago")})" : None;
}
