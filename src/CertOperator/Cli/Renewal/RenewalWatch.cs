using CertOperator.Api;
using CertOperator.Cli.Clusters;
using CertOperator.Runtime.Client;

namespace CertOperator.Cli.Renewal;

/// <summary>Watches Certificates until all that were asked for are renewed, or have failed, or the time is over.</summary>
internal sealed class RenewalWatch(ClusterCall call, string value, RenewalView view)
{
    /// <param name="version">Of the list that was read before the first write.</param>
    /// <param name="timeout">For all of them together.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task RunAsync(string version, TimeSpan timeout, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(timeout, call.Shell.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            while (!view.IsDone)
                version = await FollowAsync(version, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Who shows the rest says that it is not done.
        }
    }

    /// <summary>One watch, and after it the list: what happened between two watches is not lost. Returns the version to go on from.</summary>
    private async Task<string> FollowAsync(string version, CancellationToken cancel)
    {
        try
        {
            await foreach (WatchEvent<Certificate> change in call.Client.WatchAsync<Certificate>(new ListOptions(call.Scope), version, cancel))
            {
                if (change.Object is { } certificate)
                    await view.SeenAsync(certificate, value);
                if (view.IsDone)
                    return version;
            }
        }
        catch (KubeException failure) when (failure.Failure == KubeFailure.Gone)
        {
            // The list says what is true now.
        }

        ObjectList<Certificate> list = await call.ListAsync<Certificate>(call.Scope, cancel);
        foreach (Certificate certificate in list.Items)
            await view.SeenAsync(certificate, value);
        return list.ResourceVersion;
    }
}
