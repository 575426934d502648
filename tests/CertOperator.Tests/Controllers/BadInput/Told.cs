using CertOperator.Api;
using CertOperator.Runtime.Objects;
using CertOperator.Testing.Processes;

namespace CertOperator.Controllers.BadInput;

/// <summary>What a user must see of bad input.</summary>
internal static class Told
{
    /// <summary>Ready is False for this reason, in one plain sentence that names this, and an event says the same.</summary>
    public static async Task<string> IsRefusedAsync(this World world, string name, string reason, params string[] named)
    {
        Condition ready = await world.ReadyAsync(name);
        Assert.Equal((ConditionTypes.False, reason), (ready.Status, ready.Reason));
        Assert.Contains((reason, ready.Message), world.Events("Certificate", name));
        IsPlain(ready.Message, named);
        Assert.Empty(world.Log.Lines);
        return ready.Message;
    }

    public static async Task IsReadyAsync(this World world, string name)
    {
        Condition ready = await world.ReadyAsync(name);
        Assert.True(ready.Status == ConditionTypes.True, ready.Message);
        Assert.NotNull(await world.FindSecretAsync(name));
        Assert.Empty(world.Log.Lines);
    }

    /// <summary>Lets time pass, half a minute at a time, until the Certificate is ready: a trigger fires some real time after it is due.</summary>
    public static async Task BecomesReadyAsync(this World world, string name, FakeTimeProvider time)
    {
        await Eventually.HoldsAsync($"{name} is ready", async () =>
        {
            time.Advance(TimeSpan.FromSeconds(30));
            await world.SettleAsync();
            return (await world.ReadyAsync(name)).Status == ConditionTypes.True;
        });
        await world.IsReadyAsync(name);
    }

    /// <summary>An event of this reason on the Ingress names this.</summary>
    public static void IsToldOnIngress(this World world, string name, string reason, params string[] named)
    {
        var told = world.Events("Ingress", name).Where(happened => happened.Reason == reason).ToList();
        Assert.True(told.Count == 1, $"{told.Count} events {reason} on Ingress {name}, but there are: {string.Join(" | ", world.Events("Ingress", name))}");
        IsPlain(told[0].Message, named);
    }

    private static void IsPlain(string message, string[] named)
    {
        foreach (string part in named)
            Assert.Contains(part, message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 20, 1000);
        Assert.DoesNotContain("Exception", message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", message, StringComparison.Ordinal);
    }
}
