using System.CommandLine;
using CertOperator.Runtime.Client;

namespace CertOperator.Cli.Clusters;

/// <summary>A command at work on a cluster.</summary>
internal sealed class ClusterCall
{
    /// <summary>As many as kubectl asks for at once.</summary>
    private const int PageSize = 500;

    public required ParseResult Parsed { get; init; }

    public required Shell Shell { get; init; }

    public required IKubeClient Client { get; init; }

    /// <summary>The one named, else the context's, else <c>default</c>.</summary>
    public required string Namespace { get; init; }

    public required bool AllNamespaces { get; init; }

    /// <summary>The value of <c>--output</c>.</summary>
    public required string Format { get; init; }

    public bool IsStructured => FormatOption.IsStructured(Format);

    /// <summary>For lists: null for every namespace.</summary>
    public string? Scope => AllNamespaces ? null : Namespace;

    public TextWriter Output => Parsed.InvocationConfiguration.Output;

    public TextWriter Error => Parsed.InvocationConfiguration.Error;

    public Palette Palette => new(Shell.HasColours);

    public DateTimeOffset Now => Shell.Time.GetUtcNow();

    /// <summary>A whole list, read page by page; one that went out of date meanwhile is begun anew, once.</summary>
    public async Task<ObjectList<T>> ListAsync<T>(string? scope, CancellationToken cancel, string? labels = null) where T : class, IKubeObject<T>
    {
        try
        {
            return await PagesAsync<T>(scope, labels, cancel);
        }
        catch (KubeException failure) when (failure.Failure == KubeFailure.Gone)
        {
            return await PagesAsync<T>(scope, labels, cancel);
        }
    }

    private async Task<ObjectList<T>> PagesAsync<T>(string? scope, string? labels, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        var items = new List<T>();
        ObjectList<T>? page = null;
        await using var progress = new ProgressLine(Error, Shell);
        do
        {
            if (page is not null)
                await progress.TellAsync($"Reading {T.Type.Plural}: {items.Count}");
            page = await Client.ListAsync<T>(new ListOptions(T.Type.Namespaced ? scope : null, labels, Limit: PageSize, Continue: page?.Continue), cancel);
            items.AddRange(page.Items);
            if (page.Undecodable.Count > 0)
                await progress.ClearAsync();
            foreach (UndecodableObject broken in page.Undecodable)
                await Error.WriteLineAsync(Printable.Line($"{T.Type.Kind} {broken.Key} is left out, for it cannot be read: {broken.Reason}"));
        }
        while (!string.IsNullOrEmpty(page.Continue));
        return page with { Items = items };
    }
}
