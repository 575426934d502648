using System.Buffers;
using System.Globalization;
using System.Text;

namespace CertOperator.Telemetry;

/// <summary>
/// Writes metrics that are read from a cache at each scrape in Prometheus' text format 0.0.4. The OpenTelemetry SDK keeps every
/// series that it ever saw and stops taking new ones at a limit; a series here is there as long as its object is.
/// </summary>
internal sealed class PrometheusText(IBufferWriter<byte> output)
{
    /// <summary>Begins a metric; its samples must follow.</summary>
    public void Gauge(string name, string help) => Write($"# HELP {name} {help}\n# TYPE {name} gauge\n");

    /// <summary>The same for a number that only grows; its name ends in <c>_total</c>.</summary>
    public void Counter(string name, string help) => Write($"# HELP {name} {help}\n# TYPE {name} counter\n");

    /// <param name="name">That of the metric.</param>
    /// <param name="labels">From <see cref="Labels"/>.</param>
    /// <param name="value">In base units.</param>
    public void Sample(string name, string labels, double value)
        => Write(string.Create(CultureInfo.InvariantCulture, $"{name}{{{labels}}} {value:R}\n"));

    /// <summary>A moment, in seconds since 1970; nothing where there is none, since 0 would be a moment long past.</summary>
    public void Sample(string name, string labels, DateTimeOffset? moment)
    {
        if (moment is { } at)
            Sample(name, labels, at.ToUnixTimeMilliseconds() / 1000.0);
    }

    /// <summary>The labels of a sample, escaped.</summary>
    public static string Labels(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(name).Append("=\"")
                .Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
                .Append('"');
        }

        return text.ToString();
    }

    private void Write(string text) => Encoding.UTF8.GetBytes(text, output);
}
