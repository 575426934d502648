using System.Text.Json.Nodes;

namespace CertOperator.Runtime.Yaml;

/// <summary>One document of a YAML stream.</summary>
/// <param name="Root">Its content.</param>
/// <param name="Line">The line where its content begins, from 1.</param>
public sealed record YamlDocument(JsonObject Root, int Line);
