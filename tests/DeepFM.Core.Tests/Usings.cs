global using DeepFM.Data;
