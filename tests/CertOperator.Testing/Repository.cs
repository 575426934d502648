namespace CertOperator.Testing;

/// <summary>The source tree that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder of <c>CertOperator.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The Native AOT binary that <c>tests/run.sh</c> publishes.</summary>
    public static string OperatorBinary => Path.Combine(Root, "artifacts", "aot", "cert-operator");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CertOperator.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"There is no CertOperator.sln above {AppContext.BaseDirectory}.");
    }
}
