using CertOperator.Testing.Cluster;
using CertOperator.Testing.Monitoring;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Alerts;

/// <summary>Prometheus' own tool judges the expressions of the dashboards; <see cref="PrometheusTests"/> has them evaluated.</summary>
public sealed class DashboardTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cert-operator-dashboards-");

    [Fact]
    public async Task Every_expression_is_PromQL()
    {
        string rules = Path.Combine(_folder.FullName, "rules.yaml");
        IEnumerable<string> records = Dashboards.Panels.SelectMany(panel => panel.Expressions).Select((expression, number) => $"  - record: panel:{number}\n    expr: '{expression.Replace("'", "''", StringComparison.Ordinal)}'\n");
        await File.WriteAllTextAsync(rules, $"groups:\n- name: panels\n  rules:\n{string.Concat(records)}");

        (await Command.RunAsync(TestCache.Promtool, ["check", "rules", rules])).OrThrow();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
