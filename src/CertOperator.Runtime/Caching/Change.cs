using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.Caching;

/// <summary>A cached object appeared (no <paramref name="Before"/>), changed, or went (no <paramref name="After"/>).</summary>
public readonly record struct Change<TView>(ObjectKey Key, TView? Before, TView? After)
    where TView : class;
