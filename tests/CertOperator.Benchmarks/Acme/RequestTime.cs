using System.Diagnostics.Metrics;
using CertOperator.Acme;

namespace CertOperator.Benchmarks.Acme;

/// <summary>Adds up what the library's own metric says of its requests.</summary>
internal sealed class RequestTime : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (int Count, double Seconds)> _stages = new(StringComparer.Ordinal);

    public RequestTime()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Name: "certoperator.acme.request.duration", Meter.Name: AcmeMetrics.MeterName })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Add($"{tags[0].Value}", seconds));
        _listener.Start();
    }

    public IReadOnlyDictionary<string, (int Count, double Seconds)> Stages => _stages;

    public void Dispose() => _listener.Dispose();

    private void Add(string stage, double seconds)
    {
        lock (_lock)
        {
            var (count, sum) = _stages.GetValueOrDefault(stage);
            _stages[stage] = (count + 1, sum + seconds);
        }
    }
}
