using System.Reflection;
using CertOperator.Architecture;
using CertOperator.Architecture.Sample.Low;
using CertOperator.Pki;
using CertOperator.Runtime.Client;
using Microsoft.Extensions.Logging;

namespace CertOperator;

/// <summary>Holds the levels of the product and the borders of the libraries, as compiled.</summary>
public class ArchitectureTests
{
    private static readonly Levels Product = new(
        "CertOperator",
        ["Api"],
        ["Secrets", "Telemetry", "Network"],
        ["Challenges"],
        ["Issuers", "Rotation", "Trust", "Audit"],
        ["Controllers"],
        ["Web"],
        ["Cli"],
        [""]);

    private static readonly Assembly[] Libraries = [typeof(PkiException).Assembly, Assembly.Load("CertOperator.Acme"), typeof(IKubeClient).Assembly];

    private static readonly Assembly[] All = [.. Libraries, typeof(Composition).Assembly];

    private static readonly IReadOnlyList<TypeUse> Uses = [.. All.SelectMany(TypeUses.Of)];

    /// <summary>Packages, by the beginning of their assemblies' names, and the only namespaces that may know them.</summary>
    public static TheoryData<string, string[]> Packages => new()
    {
        { "BouncyCastle", ["CertOperator.Pki"] },
        { "KubernetesClient", ["CertOperator.Runtime.Client"] },
        // Of a kubeconfig that is no YAML, KubernetesClient tells by YamlDotNet's exception.
        { "YamlDotNet", ["CertOperator.Runtime.Yaml", "CertOperator.Runtime.Client"] },
        { "Quartz", ["CertOperator.Rotation"] },
        { "OpenTelemetry", ["CertOperator.Web"] },
        { "System.CommandLine", ["CertOperator.Cli", "CertOperator"] },
    };

    [Fact]
    public void Folders_of_the_product_use_only_lower_ones() => Assert.Empty(Product.Violations(TypeUses.Of(typeof(Composition).Assembly)));

    [Fact]
    public void Libraries_know_no_other_project()
    {
        var known = Libraries.SelectMany(library => library.GetReferencedAssemblies().Select(reference => $"{library.GetName().Name} references {reference.Name}"))
            .Where(sentence => sentence.Contains("references CertOperator", StringComparison.Ordinal) || sentence.Contains("references cert-operator", StringComparison.Ordinal));
        Assert.Empty(known);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_stays_where_it_belongs(string package, string[] namespaces)
    {
        TypeUse[] uses = [.. Uses.Where(use => use.Used.Assembly.StartsWith(package, StringComparison.Ordinal) && use.User.Namespace.Length > 0)];
        Assert.NotEmpty(uses);
        Assert.DoesNotContain(uses, use => !namespaces.Any(ns => ns == "CertOperator" ? use.User.Namespace == ns : use.User.IsIn(ns)));
    }

    [Fact]
    public void Pki_does_no_io_and_reads_no_clock()
    {
        string[] forbidden = ["System.IO.File", "System.IO.FileStream", "System.IO.Directory", "System.TimeProvider", "System.Diagnostics.Process"];
        Assert.DoesNotContain(Uses, use => use.User.IsIn("CertOperator.Pki")
            && (forbidden.Contains(use.Used.ToString()) || use.Used.Assembly is "System.Net.Http" or "System.Net.Sockets"));
    }

    [Fact]
    public void The_cluster_in_memory_is_used_by_the_local_command_alone()
        => Assert.DoesNotContain(Uses, use => use.Used.IsIn("CertOperator.Runtime.InMemory")
            && !use.User.IsIn("CertOperator.Runtime.InMemory") && !use.User.IsIn("CertOperator.Cli.Local"));

    /// <summary>The source generator writes several classes in an order that differs from build to build, and so does the binary then.</summary>
    [Fact]
    public void What_a_project_logs_stands_in_one_class()
    {
        Assert.All(All, project => Assert.InRange(project.GetTypes().Count(Logs), 0, 1));
        Assert.Contains(typeof(Composition).Assembly.GetTypes(), Logs);

        static bool Logs(Type type) => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Any(method => method.IsDefined(typeof(LoggerMessageAttribute)));
    }

    [Theory]
    [InlineData(nameof(InAsyncLambda))]
    [InlineData(nameof(InNestedClosure))]
    [InlineData(nameof(InIterator))]
    [InlineData(nameof(InCatch))]
    [InlineData(nameof(InTypeArgument))]
    [InlineData(nameof(InTypeToken))]
    [InlineData(nameof(InAttribute))]
    [InlineData(nameof(InConstraint))]
    public void A_use_of_a_higher_level_is_found_wherever_it_hides(string user)
        => Assert.Contains(SampleViolations(["Low"], ["High"]), violation => violation.StartsWith($"CertOperator.Architecture.Sample.Low.{user} uses", StringComparison.Ordinal));

    [Fact]
    public void An_innocent_type_and_a_use_downwards_are_not_reported()
    {
        Assert.DoesNotContain(SampleViolations(["Low"], ["High"]), violation => violation.Contains(nameof(Innocent), StringComparison.Ordinal));
        Assert.Empty(SampleViolations(["High"], ["Low"]));
    }

    [Fact]
    public void Folders_of_one_level_do_not_use_each_other() => Assert.NotEmpty(SampleViolations(["Low", "High"]));

    [Fact]
    public void A_folder_without_a_level_is_reported()
        => Assert.Contains("The folder \"High\" has no level.", SampleViolations(["Low"]));

    private static IReadOnlyList<string> SampleViolations(params string[][] levels)
        => new Levels("CertOperator.Architecture.Sample", levels).Violations(TypeUses.Of(typeof(ArchitectureTests).Assembly));
}
