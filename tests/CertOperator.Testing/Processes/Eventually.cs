using System.Diagnostics;

namespace CertOperator.Testing.Processes;

/// <summary>Waits for the state of another process, which no fake clock can hurry.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Asks until <paramref name="condition"/> holds; throws a <see cref="TimeoutException"/> that names <paramref name="what"/>.</summary>
    public static async Task HoldsAsync(string what, Func<Task<bool>> condition, TimeSpan? timeout = null)
    {
        var patience = timeout ?? TimeSpan.FromSeconds(30);
        var since = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(since) > patience)
            {
                throw new TimeoutException($"After {patience.TotalSeconds:0} s this still did not hold: {what}.");
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>Asks until there is a value and returns it.</summary>
    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> question, TimeSpan? timeout = null)
        where T : class
    {
        T? answer = null;
        await HoldsAsync(what, async () => (answer = await question()) is not null, timeout);
        return answer!;
    }
}
