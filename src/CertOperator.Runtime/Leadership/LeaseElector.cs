using CertOperator.Runtime.Client;
using Microsoft.Extensions.Logging;

namespace CertOperator.Runtime.Leadership;

/// <summary>
/// Lets one of several processes work at a time. Compatible with client-go: a lease is free when nobody holds it, or when
/// it did not change for its duration as seen on the own clock, so that clocks need not agree. A holder that stops releases it.
/// </summary>
public sealed class LeaseElector(IKubeClient client, LeaseOptions options, TimeProvider time, ILogger logger)
{
    private readonly LeaseRecord _record = new(client, options, time);
    private volatile bool _leads;

    /// <summary>This process may work now.</summary>
    public bool IsLeader => _leads;

    /// <summary>
    /// Competes for the lease until cancelled and then returns. Each time it is won, runs <paramref name="whileLeading"/>,
    /// whose token is cancelled when leadership ends; after that it competes again. It ends early with
    /// <paramref name="whileLeading"/> should that end by itself.
    /// </summary>
    /// <exception cref="LeadershipLostException">The work did not stop in time after leadership was lost.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> whileLeading, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            if (await TryAsync(_record.TryTakeAsync, options.RenewDeadline, cancel) is LeaseState.Held
                && await LeadAsync(whileLeading, cancel))
                return;
            await PauseAsync(cancel);
        }
    }

    /// <summary>One term; true if the work ended by itself.</summary>
    private async Task<bool> LeadAsync(Func<CancellationToken, Task> whileLeading, CancellationToken cancel)
    {
        using var term = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        RuntimeLog.LeadershipGained(logger, options.Identity, options.Lease);
        _leads = true;
        var work = Task.Run(() => whileLeading(term.Token), CancellationToken.None);
        var lost = await RenewAsync(work, cancel);
        var finished = work.IsCompleted && !cancel.IsCancellationRequested;
        _leads = false;
        await term.CancelAsync();
        if (lost is not null)
            RuntimeLog.LeadershipLost(logger, options.Identity, lost);
        try
        {
            await StopAsync(work);
        }
        finally
        {
            if (work.IsCompleted)
                await ReleaseAsync();
        }

        return finished;
    }

    /// <summary>Renews until the work ends, cancellation (null) or the loss of the lease (why).</summary>
    private async Task<string?> RenewAsync(Task work, CancellationToken cancel)
    {
        var renewed = time.GetTimestamp();
        while (true)
        {
            await Task.WhenAny(work, PauseAsync(cancel));
            if (work.IsCompleted || cancel.IsCancellationRequested)
                return null;
            var left = options.RenewDeadline - time.GetElapsedTime(renewed);
            var state = left > TimeSpan.Zero ? await TryAsync(_record.TryRenewAsync, left, cancel) : LeaseState.Unknown;
            if (state is LeaseState.Held)
                renewed = time.GetTimestamp();
            else if (state is LeaseState.HeldByAnother)
                return "another process took the lease";
            else if (time.GetElapsedTime(renewed) >= options.RenewDeadline)
                return $"the lease could not be renewed for {options.RenewDeadline}";
        }
    }

    private async Task StopAsync(Task work)
    {
        // Nobody else takes the lease before this time is over, for it was renewed later than the renew deadline ago.
        var grace = options.Duration - options.RenewDeadline;
        try
        {
            await work.WaitAsync(grace, time);
        }
        catch (TimeoutException) when (!work.IsCompleted)
        {
            throw new LeadershipLostException(
                $"The work did not stop within {grace} after it was told to, and the lease {options.Lease} runs out: this process must exit.");
        }
        catch (OperationCanceledException) when (work.IsCanceled)
        {
            // It stopped as it was told to.
        }
    }

    private async Task<LeaseState> TryAsync(Func<CancellationToken, Task<LeaseState>> step, TimeSpan limit, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        try
        {
            return await step(either.Token);
        }
        catch (KubeException exception) when (exception.Failure is KubeFailure.Conflict or KubeFailure.AlreadyExists)
        {
            // Somebody else was quicker, which is how competition works.
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            if (!cancel.IsCancellationRequested)
                RuntimeLog.LeaseFailed(logger, options.Lease, $"The API server did not answer within {limit}.");
        }
        catch (Exception exception)
        {
            RuntimeLog.LeaseFailed(logger, options.Lease, exception.Message);
        }

        return LeaseState.Unknown;
    }

    private async Task ReleaseAsync()
    {
        if (await TryAsync(_record.TryReleaseAsync, options.RetryPeriod, CancellationToken.None) is LeaseState.Free)
            RuntimeLog.LeaseReleased(logger, options.Identity, options.Lease);
    }

    // A little longer each time at random, so that competitors do not all ask at once.
    private async Task PauseAsync(CancellationToken cancel)
        => await Task.Delay(options.RetryPeriod * (1 + Random.Shared.NextDouble() / 5), time, cancel)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
