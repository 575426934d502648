using System.Collections.Concurrent;

namespace CertOperator.Testing.Processes;

/// <summary>
/// One thread that lives as long as the process. The kernel sends a child's parent-death signal when the <em>thread</em>
/// that started it ends, and threads of the pool end when idle.
/// </summary>
internal static class LastingThread
{
    private static readonly BlockingCollection<Action> Work = StartThread();

    public static T Run<T>(Func<T> function)
    {
        var result = new TaskCompletionSource<T>();
        Work.Add(() =>
        {
            try
            {
                result.SetResult(function());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });
        return result.Task.GetAwaiter().GetResult();
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
