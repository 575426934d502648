namespace CertOperator.Cli;

/// <summary>How far something is that takes long: one line of the terminal, gone at the end. Nothing where no person looks.</summary>
internal sealed class ProgressLine(TextWriter error, Shell shell) : IAsyncDisposable
{
    private const string EraseLine = "\r\u001b[K";

    private bool _isShown;

    public async Task TellAsync(string text)
    {
        if (!shell.ShowsProgress)
            return;
        _isShown = true;
        await error.WriteAsync($"{EraseLine}{Printable.Line(text)}");
    }

    /// <summary>Before anything else is written.</summary>
    public async Task ClearAsync()
    {
        if (_isShown)
            await error.WriteAsync(EraseLine);
        _isShown = false;
    }

    public async ValueTask DisposeAsync() => await ClearAsync();
}
