using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace CertOperator.Testing.Processes;

/// <summary>
/// One thread that lives as long as the process. The kernel sends a child's parent-death signal when the <em>thread</em>
/// that started it ends, and threads of the pool end when idle.
/// </summary>
internal static class LastingThread
{
    private static readonly BlockingCollection<Action> Work = StartThread();

    /// <summary>Waits until the function has run there.</summary>
    /// <returns>What the function returned; what it threw is thrown here.</returns>
    public static T Run<T>(Func<T> function)
    {
        var task = new Task<T>(function);
        Work.Add(task.RunSynchronously);
        ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        if (task.Exception?.InnerException is { } thrown)
            ExceptionDispatchInfo.Throw(thrown);
        return task.Result;
    }

    private static BlockingCollection<Action> StartThread()
    {
        var work = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
            {
                action();
            }
        })
        { IsBackground = true, Name = "starts processes" };
        thread.Start();
        return work;
    }
}
