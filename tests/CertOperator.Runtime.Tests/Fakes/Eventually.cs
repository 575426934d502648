using System.Runtime.CompilerServices;

namespace CertOperator.Runtime.Tests.Fakes;

/// <summary>Waits for other threads to bring something about; gives up after so long that only a defect explains it.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Task That(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? what = null)
        => UntilAsync(condition, () => { }, what);

    /// <summary>Lets the clock run in steps meanwhile.</summary>
    public static Task AdvanceUntil(
        this FakeTimeProvider time, TimeSpan step, Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? what = null)
        => UntilAsync(condition, () => time.Advance(step), what);

    private static async Task UntilAsync(Func<bool> condition, Action between, string? what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"It never came true that {what}.");
            await Task.Delay(1);
            between();
        }
    }
}
