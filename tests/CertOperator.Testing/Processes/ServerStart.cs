using CertOperator.Testing.Cluster;

namespace CertOperator.Testing.Processes;

/// <summary>What every server process needs at its start: another try when a port was taken, and a report when it fails.</summary>
internal static class ServerStart
{
    private const int Tries = 3;
    private const int LastLines = 20;

    /// <summary>Calls <paramref name="start"/>, which takes free ports, again when a server ended because one was taken since.</summary>
    public static async Task<T> RetryAsync<T>(Func<Task<T>> start)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await start();
            }
            catch (ServerEndedException) when (tried < Tries)
            {
                // The next try takes other ports.
            }
        }
    }

    /// <summary>Waits until the server answers. A failure tells the last lines of its output.</summary>
    /// <exception cref="ServerEndedException">The server ended.</exception>
    /// <exception cref="TimeoutException">The server runs and does not answer.</exception>
    public static async Task ReadyAsync(ServerProcess server, string what, Func<Task<bool>> condition)
    {
        try
        {
            await Eventually.HoldsAsync(what, () => server.HasExited ? throw new ServerEndedException(server) : condition());
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message} Its last output: {string.Join('\n', server.ReadLog().Split('\n').TakeLast(LastLines))}", e);
        }
    }
}
