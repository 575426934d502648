using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using Scalar = YamlDotNet.Core.Events.Scalar;

namespace CertOperator.Runtime.Yaml;

/// <summary>Reads a YAML stream into JSON, as kubectl would: aliases and merge keys are resolved, a key stands once.</summary>
public sealed class YamlReader
{
    private readonly IParser _parser;
    private readonly YamlLimits _limits;
    private readonly Dictionary<AnchorName, (JsonNode? Node, int Size)> _anchors = [];
    private int _nodes;

    private YamlReader(IParser parser, YamlLimits limits)
    {
        _parser = parser;
        _limits = limits;
    }

    /// <summary>All documents of a stream but the empty ones. Each has to be a mapping.</summary>
    /// <exception cref="YamlFormatException">The text is not YAML, breaks a limit, or means something JSON cannot say.</exception>
    public static IReadOnlyList<YamlDocument> Read(string text, YamlLimits? limits = null)
    {
        limits ??= new YamlLimits();
        if (text.Length > limits.Characters)
            throw new YamlFormatException(1, 1, $"the text is longer than {limits.Characters} characters.");
        try
        {
            return new YamlReader(new Parser(new StringReader(text)), limits).ReadStream();
        }
        catch (YamlException exception)
        {
            throw Error(exception.Start, exception.Message);
        }
    }

    private static YamlFormatException Error(Mark at, string problem) => new((int)at.Line, (int)at.Column, problem);

    private List<YamlDocument> ReadStream()
    {
        var documents = new List<YamlDocument>();
        _parser.Consume<StreamStart>();
        while (_parser.TryConsume<DocumentStart>(out _))
        {
            _anchors.Clear();
            var start = _parser.Current!.Start;
            var root = ReadNode(depth: 0);
            if (root is JsonObject mapping)
                documents.Add(new YamlDocument(mapping, (int)start.Line));
            else if (root is not null)
                throw Error(start, "the document is not a mapping of fields, such as apiVersion and kind.");
            _parser.Consume<DocumentEnd>();
        }

        return documents;
    }

    private JsonNode? ReadNode(int depth)
    {
        var current = _parser.Current!;
        if (depth > _limits.Depth)
            throw Error(current.Start, $"the nesting is deeper than {_limits.Depth} levels.");
        Count(1, current.Start);
        if (_parser.TryConsume<AnchorAlias>(out var alias))
            return Resolve(alias);

        var sizeBefore = _nodes;
        var node = ReadContent(depth);
        if (current is NodeEvent { Anchor.IsEmpty: false } anchored)
            _anchors[anchored.Anchor] = (node, _nodes - sizeBefore + 1);
        return node;
    }

    private JsonNode? ReadContent(int depth)
    {
        if (_parser.TryConsume<Scalar>(out var scalar))
            return YamlScalar.Read(scalar);
        if (_parser.TryConsume<SequenceStart>(out var sequence))
            return ReadSequence(sequence, depth);
        return ReadMapping(_parser.Consume<MappingStart>(), depth);
    }

    private JsonArray ReadSequence(SequenceStart start, int depth)
    {
        RefuseTag(start, "tag:yaml.org,2002:seq");
        var sequence = new JsonArray();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            sequence.Add(ReadNode(depth + 1));
        return sequence;
    }

    private JsonObject ReadMapping(MappingStart start, int depth)
    {
        RefuseTag(start, "tag:yaml.org,2002:map");
        var mapping = new JsonObject();
        var merged = new List<JsonObject>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out var key))
                throw Error(_parser.Current!.Start, "the key of a field is not a plain word.");
            var at = _parser.Current!.Start;
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
                merged.AddRange(ToMerge(ReadNode(depth + 1), at));
            else if (!mapping.TryAdd(KeyOf(key), ReadNode(depth + 1)))
                throw Error(key.Start, $"the field {key.Value} stands here twice.");
        }

        // The fields of the mapping itself win, then the merged mapping that is named first.
        foreach (var (name, value) in merged.SelectMany(fields => fields))
        {
            if (!mapping.ContainsKey(name))
                mapping.Add(name, value?.DeepClone());
        }

        return mapping;
    }

    private static IEnumerable<JsonObject> ToMerge(JsonNode? value, Mark at) => value switch
    {
        JsonObject one => [one],
        JsonArray many when many.All(item => item is JsonObject) => many.Cast<JsonObject>(),
        _ => throw Error(at, "only mappings can be merged with <<."),
    };

    private static string KeyOf(Scalar key) => YamlScalar.Read(key) switch
    {
        null => throw Error(key.Start, "the key of a field is empty."),
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => other.ToJsonString(),
    };

    private static void RefuseTag(NodeEvent node, string allowed)
    {
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific && node.Tag.Value != allowed)
            throw Error(node.Start, $"the tag {node.Tag.Value} is not supported.");
    }

    private JsonNode? Resolve(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value, out var anchor))
            throw Error(alias.Start, $"the alias {alias.Value} refers to nothing, or to what contains it.");
        // Counted before it is copied: a few lines of aliases to aliases can mean billions of nodes.
        Count(anchor.Size, alias.Start);
        return anchor.Node?.DeepClone();
    }

    private void Count(int nodes, Mark at)
    {
        if (nodes > _limits.Nodes - _nodes)
            throw Error(at, $"the text means more than {_limits.Nodes} values.");
        _nodes += nodes;
    }
}
