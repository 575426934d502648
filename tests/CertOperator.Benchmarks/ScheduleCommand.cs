using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using CertOperator.Rotation;
using CertOperator.Runtime.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Benchmarks;

/// <summary><c>schedule</c>: what a trigger costs for each Certificate, and how late Quartz is when many are due at once.</summary>
internal static class ScheduleCommand
{
    private static readonly (int Batch, int Threads)[] Settings = [(1, 1), (1, 10), (10, 10), (100, 100)];
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(3);

    private static readonly Option<int> Certificates = new("--certificates") { Description = "Triggers in all.", DefaultValueFactory = _ => 100_000 };
    private static readonly Option<int> DueAtOnce = new("--due") { Description = "How many of them are due at once.", DefaultValueFactory = _ => 10_000 };

    public static Command Create()
    {
        var command = new Command("schedule", "Measures registration, memory per trigger, and the delay of many that are due at once, by batch size and threads.")
        {
            Certificates, DueAtOnce,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        int count = parsed.GetValue(Certificates), due = parsed.GetValue(DueAtOnce);
        Console.WriteLine($"{count} triggers, {due} of them due at once; the operator takes batches of {RotationSchedule.DefaultBatch} with {RotationSchedule.DefaultThreads} threads");
        Choose(count);
        foreach (var (batch, threads) in Settings)
        {
            await MeasureAsync(count, due, batch, threads, cancel);
        }

        return 0;
    }

    /// <summary>Each certificate after the other, as many as there are to choose among all the time.</summary>
    private static void Choose(int count)
    {
        DateTimeOffset made = TimeProvider.System.GetUtcNow();
        foreach (int days in (ReadOnlySpan<int>)[1, 57])
        {
            var calendar = new RenewalCalendar();
            long before = GC.GetTotalMemory(forceFullCollection: true);
            long started = Stopwatch.GetTimestamp();
            for (int number = 0; number < count; number++)
            {
                DateTimeOffset earliest = made + (TimeSpan.FromDays(days) * number / count);
                calendar.TimeOf(new ObjectKey($"namespace-{number / 100}", $"certificate-{number}"), $"uid-{number}", RenewalRange.Between(earliest, earliest.AddDays(3)), known: null, made);
            }

            TimeSpan each = Stopwatch.GetElapsedTime(started) / count;
            long bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
            Console.WriteLine($"  calendar of {count} made in {days} days: {each.TotalMicroseconds:F1} us a choice, {bytes} bytes a certificate with its key");
            GC.KeepAlive(calendar);
        }
    }

    private static async Task MeasureAsync(int count, int due, int batch, int threads, CancellationToken cancel)
    {
        ObjectKey[] keys = [.. Enumerable.Range(0, count).Select(number => new ObjectKey($"namespace-{number / 100}", $"certificate-{number}"))];
        await using var schedule = await RotationSchedule.StartAsync(TimeProvider.System, NullLoggerFactory.Instance, cancel, batch, threads);

        long before = GC.GetTotalMemory(forceFullCollection: true);
        long started = Stopwatch.GetTimestamp();
        DateTimeOffset far = TimeProvider.System.GetUtcNow().AddDays(60);
        for (int number = 0; number < count; number++)
        {
            await schedule.SetAsync(keys[number], far.AddSeconds(number), cancel);
        }

        TimeSpan registration = Stopwatch.GetElapsedTime(started);
        long bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;

        var delays = new ConcurrentQueue<TimeSpan>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int called = 0;
        DateTimeOffset at = default;
        schedule.Due += (_, _) =>
        {
            delays.Enqueue(TimeProvider.System.GetUtcNow() - at);
            if (Interlocked.Increment(ref called) == due)
            {
                all.SetResult();
            }
        };
        // Far enough ahead for all of them to be set: that took a certain time each just now.
        at = TimeProvider.System.GetUtcNow() + Lead + (2 * registration * due / count);
        for (int number = 0; number < due; number++)
        {
            await schedule.SetAsync(keys[number], at, cancel);
        }

        await all.Task.WaitAsync(cancel);
        Console.WriteLine(
            $"  batch {batch}, {threads} threads: registration {registration.TotalSeconds:F1} s, {bytes} bytes per trigger, " +
            $"delay p50 {Figures.Milliseconds(Figures.Percentile(delays, 0.5))}, p99 {Figures.Milliseconds(Figures.Percentile(delays, 0.99))}, " +
            $"last {Figures.Milliseconds(delays.Max())}");
    }
}
