using System.Text.RegularExpressions;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Alerts;

/// <summary>Prometheus' own tool judges the alerting rules.</summary>
public sealed partial class AlertRuleTests : IDisposable
{
    private static readonly string Rules = Path.Combine(Repository.Root, "config", "alerts", "cert-operator.rules.yaml");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cert-operator-alerts-");

    public static TheoryData<string, string> Cases => [.. AlertCases.All.Select(each => (each.Alert, each.World))];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task An_alert_fires_when_it_must_and_is_silent_otherwise(string alert, string world)
    {
        AlertCase wanted = AlertCases.All.Single(each => (each.Alert, each.World) == (alert, world));
        string test = Path.Combine(_folder.FullName, "test.yaml");
        string series = wanted.Series.Length == 0 ? "[]" : string.Concat(wanted.Series.Select(each => $"\n      - {each}"));
        await File.WriteAllTextAsync(test, $$"""
            rule_files: ["{{Rules}}"]
            evaluation_interval: 1m
            tests:
              - interval: 1m
                input_series: {{series}}
                promql_expr_test:
                  - expr: count(ALERTS{alertname="{{alert}}",alertstate="firing"}) or vector(0)
                    eval_time: {{AlertCases.EvaluatedAt}}s
                    exp_samples: [{labels: "{}", value: {{(wanted.Fires ? 1 : 0)}} }]
            """);

        CommandResult judged = await Command.RunAsync(TestCache.Promtool, ["test", "rules", test]);

        Assert.True(judged.ExitCode == 0, judged.Output + judged.Error);
    }

    [Fact]
    public async Task The_rules_are_valid()
        => (await Command.RunAsync(TestCache.Promtool, ["check", "rules", Rules])).OrThrow();

    [Fact]
    public async Task Each_alert_is_tried_both_ways_and_has_a_page()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "alerts.md"));
        string[] alerts = [.. AlertName().Matches(await File.ReadAllTextAsync(Rules)).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert =>
        {
            Assert.Equal([false, true], AlertCases.All.Where(each => each.Alert == alert).Select(each => each.Fires).Distinct().Order());
            Assert.Contains($"\n## {alert}\n", page, StringComparison.Ordinal);
        });
        Assert.Empty(AlertCases.All.Select(each => each.Alert).Except(alerts));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex AlertName();
}
