using CertOperator.Runtime.Client;
using Quartz;

namespace CertOperator.Rotation;

/// <summary>
/// Calls for a Certificate when its time has come: one Quartz trigger each, on one durable job. It holds no truth: every
/// reconciliation sets it anew, so after a start or a fail-over it is rebuilt from the cache.
/// </summary>
internal sealed class RotationSchedule : IAsyncDisposable
{
    /// <summary>Measured by the benchmark "schedule".</summary>
    public const int DefaultBatch = 1;

    /// <inheritdoc cref="DefaultBatch"/>
    public const int DefaultThreads = 10;

    private static readonly JobKey Job = new("rotation");

    private readonly TimeProvider _time;
    private readonly IAsyncDisposable _factory;
    private readonly IScheduler _scheduler;

    private RotationSchedule(TimeProvider time, IAsyncDisposable factory, IScheduler scheduler)
    {
        _time = time;
        _factory = factory;
        _scheduler = scheduler;
    }

    /// <summary>A time has come; it may have passed long since. Subscribers must not block.</summary>
    public event Action<ObjectKey, DateTimeOffset>? Due;

    /// <param name="time">The clock.</param>
    /// <param name="loggers">Told of what Quartz has to say.</param>
    /// <param name="cancel">Ends the start.</param>
    /// <param name="batch">How many triggers that are due Quartz takes at a time.</param>
    /// <param name="threads">How many calls run at the same time, at least <paramref name="batch"/>.</param>
    public static async Task<RotationSchedule> StartAsync(
        TimeProvider time, ILoggerFactory loggers, CancellationToken cancel, int batch = DefaultBatch, int threads = DefaultThreads)
    {
        RotationSchedule? schedule = null;
        var factory = QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.Services.AddSingleton(time);
            quartz.Services.AddSingleton(loggers);
            quartz.ConfigureScheduler(scheduler => scheduler.MaxBatchSize = batch);
            quartz.UseDefaultThreadPool(threads);
            quartz.AddJobType(_ => new RotationJob((key, at) => schedule?.Due?.Invoke(key, at)));
        }).Build();
        IScheduler scheduler = await factory.GetScheduler(cancel);
        await scheduler.AddJob(JobBuilder.Create<RotationJob>().WithIdentity(Job).StoreDurably().Build(), cancellationToken: cancel);
        await scheduler.Start(cancel);
        return schedule = new RotationSchedule(time, factory, scheduler);
    }

    /// <summary>The time to call for a Certificate, in place of the former one.</summary>
    public async Task SetAsync(ObjectKey certificate, DateTimeOffset at, CancellationToken cancel)
    {
        ITrigger trigger = TriggerBuilder.Create(_time)
            .ForJob(Job)
            .WithIdentity(Key(certificate))
            .StartAt(at)
            .Build();
        await _scheduler.ScheduleTrigger(trigger, TriggerConflict.Replace, cancel);
    }

    public async Task RemoveAsync(ObjectKey certificate, CancellationToken cancel)
        => await _scheduler.UnscheduleJob(Key(certificate), cancel);

    public async ValueTask DisposeAsync()
    {
        await _scheduler.Shutdown(waitForJobsToComplete: true);
        await _factory.DisposeAsync();
    }

    private static TriggerKey Key(ObjectKey certificate) => new(certificate.Name, certificate.Namespace);

    /// <summary>Puts the key back into the queue: what is to be done is decided there.</summary>
    private sealed class RotationJob(Action<ObjectKey, DateTimeOffset> due) : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            TriggerKey key = context.Trigger.Key;
            // Not the scheduled time: Quartz moves that to now when it comes late.
            due(new ObjectKey(key.Group, key.Name), context.Trigger.StartTimeUtc);
            return ValueTask.CompletedTask;
        }
    }
}
