using System.Buffers;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text;
using CertOperator.Acme;
using CertOperator.Controllers;
using CertOperator.Runtime;
using CertOperator.Telemetry;

namespace CertOperator.Web;

/// <summary>The names of all metrics that the operator exports, those included that have no sample yet.</summary>
internal static class ExportedMetrics
{
    private static readonly string[] Meters = [OperatorMetrics.MeterName, RuntimeMetrics.MeterName, AcmeMetrics.MeterName, "System.Runtime"];

    public static async Task<IReadOnlySet<string>> NamesAsync()
    {
        await using World world = await World.WithCaAsync();
        return OfObjects(world.Operator).Concat(OfInstruments()).ToHashSet();
    }

    /// <summary>Those that are written object by object.</summary>
    public static IReadOnlyList<string> OfObjects(Operator certOperator)
    {
        var text = new ArrayBufferWriter<byte>();
        ObjectMetrics.Write(certOperator, text);
        return [.. TypesIn(Encoding.UTF8.GetString(text.WrittenSpan).Split('\n'))];
    }

    /// <summary>The names that a scrape gives a type.</summary>
    public static IEnumerable<string> TypesIn(IEnumerable<string> lines)
        => lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]);

    /// <summary>Those of the instruments that exist now, as the exporter names them.</summary>
    public static IReadOnlyList<string> OfInstruments()
    {
        RuntimeHelpers.RunClassConstructor(typeof(AcmeMetrics).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(RuntimeMetrics).TypeHandle);
        var found = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (Meters.Contains(instrument.Meter.Name))
                    found.Add(instrument);
            },
        };
        listener.Start();
        return [.. found.SelectMany(NamesOf).Distinct()];
    }

    private static IEnumerable<string> NamesOf(Instrument instrument)
    {
        string unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        string name = instrument.Name.Replace('.', '_') + unit, type = instrument.GetType().Name.Split('`')[0];
        return type switch
        {
            "Histogram" => [name, $"{name}_bucket", $"{name}_sum", $"{name}_count"],
            "Counter" or "ObservableCounter" => [$"{name}_total"],
            _ => [name],
        };
    }
}
