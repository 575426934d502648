using CertOperator.Runtime.Client;
using CertOperator.Runtime.Queues;

namespace CertOperator.Runtime.Caching;

/// <summary>What an informer caches, and how patient it is.</summary>
public sealed record InformerOptions
{
    /// <summary>Overrides the name of the kind where two informers share one.</summary>
    public string? Name { get; init; }

    /// <summary>The namespaces of the objects; empty for all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Selectors.</summary>
    public ListOptions Selection { get; init; } = new();

    /// <summary>
    /// A program without the right to list the kind goes without it: there are none then. That is told once, and asked again
    /// every few minutes.
    /// </summary>
    public bool MayBeRefused { get; init; }

    /// <summary>
    /// The program does without the kind where the cluster does not have it, or does not let it be seen: now, or no more. That is told once,
    /// and asked again every few minutes; what was seen before stays.
    /// </summary>
    public bool IsOptional { get; init; }

    /// <summary>Objects per page of a list.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>Everything is listed anew this often (plus up to a tenth), to repair what a watch may have lost.</summary>
    public TimeSpan RelistPeriod { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// A watch is given up after this time even if nobody ended it: a dead connection says nothing. It has to be longer
    /// than the five minutes after which the server is asked to end a watch.
    /// </summary>
    public TimeSpan WatchDeadline { get; init; } = TimeSpan.FromSeconds(330);

    /// <summary>Waits between failures.</summary>
    public Backoff Backoff { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
}
