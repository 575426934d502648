using System.CommandLine;
using CertOperator.Runtime.Client;

namespace CertOperator.Cli;

/// <summary>Actions whose failures end in one sentence on standard error and <see cref="ExitCodes.Failed"/>, never in a stack trace.</summary>
internal static class Guarded
{
    public static void SetAction(Command command, Func<ParseResult, CancellationToken, Task<int>> action)
        => command.SetAction((parsed, cancel) => RunAsync(parsed, action, cancel));

    private static async Task<int> RunAsync(ParseResult parsed, Func<ParseResult, CancellationToken, Task<int>> action, CancellationToken cancel)
    {
        try
        {
            return await action(parsed, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return ExitCodes.Failed;
        }
        catch (Exception failure) when (failure is CommandException or KubeConfigException or IOException or UnauthorizedAccessException)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(Printable.Line(failure.Message));
            return ExitCodes.Failed;
        }
    }
}
