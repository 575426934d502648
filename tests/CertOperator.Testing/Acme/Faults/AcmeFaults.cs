using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Testing.Acme.Faults;

/// <summary>
/// What goes wrong, for which requests, how often. A request meets the first fault that prevents it; if there is none, all that
/// change its reply, in the order in which they were added.
/// </summary>
public sealed class AcmeFaults
{
    /// <summary>Until <see cref="Clear"/>.</summary>
    public const int Always = int.MaxValue;

    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];

    public void Add(AcmeEndpoint endpoint, AcmeFault fault, int times = 1)
    {
        lock (_gate)
        {
            _entries.Add(new Entry(endpoint, fault) { Left = times });
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
        }
    }

    /// <summary>The reply of the first fault that prevents a request, or null.</summary>
    internal AcmeReply? Prevent(AcmeEndpoint endpoint)
    {
        Entry? entry;
        lock (_gate)
        {
            entry = _entries.Find(e => e.Endpoint == endpoint && e.Fault.Before is not null);
            if (entry is not null) Use(entry);
        }

        return entry?.Fault.Before!();
    }

    internal AcmeReply Change(AcmeEndpoint endpoint, AcmeReply reply)
    {
        List<Entry> entries;
        lock (_gate)
        {
            entries = _entries.FindAll(e => e.Endpoint == endpoint && e.Fault.After is not null);
            entries.ForEach(Use);
        }

        return entries.Aggregate(reply, (changed, entry) => entry.Fault.After!(changed));
    }

    private void Use(Entry entry)
    {
        if (entry.Left != Always && --entry.Left == 0) _entries.Remove(entry);
    }

    private sealed record Entry(AcmeEndpoint Endpoint, AcmeFault Fault)
    {
        public int Left { get; set; }
    }
}
