using System.Diagnostics.Metrics;
using CertOperator.Acme;

namespace CertOperator.Benchmarks.Acme;

/// <summary>Adds up what the library's own metric says of its requests.</summary>
internal sealed class RequestTime : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private TimeSpan _total;

    public RequestTime()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Name: "certoperator.acme.request.duration", Meter.Name: AcmeMetrics.MeterName })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => Add(seconds));
        _listener.Start();
    }

    public TimeSpan Total
    {
        get
        {
            lock (_lock) return _total;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(double seconds)
    {
        lock (_lock) _total += TimeSpan.FromSeconds(seconds);
    }
}
