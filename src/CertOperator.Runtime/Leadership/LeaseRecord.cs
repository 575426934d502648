using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Runtime.Leadership;

/// <summary>
/// The Lease object as this process last saw it. Writes are conditional on its resourceVersion, so of several processes
/// that see it free only one gets it.
/// </summary>
internal sealed class LeaseRecord(IKubeClient client, LeaseOptions options, TimeProvider time)
{
    // Somebody else's duration is believed up to here: a mistake must not lock everybody out for years.
    private const int LongestForeignSeconds = 3600;

    private Lease? _seen;
    private long _seenAt;

    /// <summary>Takes the lease if it is free.</summary>
    public async Task<LeaseState> TryTakeAsync(CancellationToken cancel)
    {
        if (await client.FindAsync<Lease>(options.Lease, cancel) is not { } lease)
        {
            Remember(await client.CreateAsync(new Lease { Metadata = Metadata(), Spec = Ours(former: null) }, cancel));
            return LeaseState.Held;
        }

        Remember(lease);
        if (!IsOurs(lease) && !IsFree(lease))
            return LeaseState.HeldByAnother;
        Remember(await client.ReplaceAsync(lease with { Spec = Ours(lease.Spec) }, cancel));
        return LeaseState.Held;
    }

    /// <summary>Extends the lease. It reads only after a conflict: one call per period is enough.</summary>
    public async Task<LeaseState> TryRenewAsync(CancellationToken cancel)
    {
        try
        {
            Remember(await client.ReplaceAsync(_seen! with { Spec = Ours(_seen!.Spec) }, cancel));
            return LeaseState.Held;
        }
        catch (KubeException exception) when (exception.Failure is KubeFailure.Conflict or KubeFailure.NotFound)
        {
            return await TryTakeAsync(cancel);
        }
    }

    /// <summary>Gives the lease up so that anybody can take it at once.</summary>
    public async Task<LeaseState> TryReleaseAsync(CancellationToken cancel)
    {
        if (_seen is null || !IsOurs(_seen))
            return LeaseState.HeldByAnother;
        try
        {
            return await ReleaseAsync(_seen, cancel);
        }
        catch (KubeException exception) when (exception.Failure is KubeFailure.Conflict)
        {
            // A renewal that was broken off at the end of the term may have been stored all the same.
            return await client.FindAsync<Lease>(options.Lease, cancel) is { } lease && IsOurs(lease)
                ? await ReleaseAsync(lease, cancel)
                : LeaseState.HeldByAnother;
        }
    }

    private async Task<LeaseState> ReleaseAsync(Lease lease, CancellationToken cancel)
    {
        var released = lease.Spec! with { HolderIdentity = "", LeaseDurationSeconds = 1, RenewTime = time.GetUtcNow() };
        Remember(await client.ReplaceAsync(lease with { Spec = released }, cancel));
        return LeaseState.Free;
    }

    private ObjectMeta Metadata() => new() { Name = options.Lease.Name, Namespace = options.Lease.Namespace };

    private LeaseSpec Ours(LeaseSpec? former)
    {
        var now = time.GetUtcNow();
        var renewal = former?.HolderIdentity == options.Identity;
        return new LeaseSpec
        {
            HolderIdentity = options.Identity,
            LeaseDurationSeconds = (int)options.Duration.TotalSeconds,
            AcquireTime = renewal ? former!.AcquireTime : now,
            RenewTime = now,
            LeaseTransitions = (former?.LeaseTransitions ?? 0) + (renewal || former is null ? 0 : 1),
        };
    }

    private void Remember(Lease lease)
    {
        if (_seen?.Spec != lease.Spec)
            _seenAt = time.GetTimestamp();
        _seen = lease;
    }

    private bool IsOurs(Lease lease) => lease.Spec?.HolderIdentity == options.Identity;

    private bool IsFree(Lease lease)
    {
        if (string.IsNullOrEmpty(lease.Spec?.HolderIdentity))
            return true;
        var seconds = lease.Spec.LeaseDurationSeconds ?? (int)options.Duration.TotalSeconds;
        return time.GetElapsedTime(_seenAt) >= TimeSpan.FromSeconds(Math.Clamp(seconds, 1, LongestForeignSeconds));
    }
}
